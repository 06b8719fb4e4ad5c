-- Deletes one view.
delete from {schema}.mt_view where name = $1 and id = $2
