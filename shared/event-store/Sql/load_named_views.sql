-- Some views of a name.
select id, data from {schema}.mt_view where name = $1 and id = any ($2)
