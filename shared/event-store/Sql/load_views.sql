-- All views of a name.
select data from {schema}.mt_view where name = $1 order by id collate "C"
