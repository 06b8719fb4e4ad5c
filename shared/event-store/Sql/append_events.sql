-- Appends to one stream; see append_function.sql for what may fail.
select {schema}.mt_append_events($1, $2, $3, $4, $5, $6, $7, $8)
