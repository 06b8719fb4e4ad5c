-- Deletes all views of a name.
delete from {schema}.mt_view where name = $1
