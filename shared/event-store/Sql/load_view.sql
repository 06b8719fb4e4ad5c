-- One view.
select data from {schema}.mt_view where name = $1 and id = $2
