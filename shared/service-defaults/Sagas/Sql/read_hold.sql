-- How much is held of $1, as last committed.
select amount from {schema}.hold where key = $1
