-- Processes that start together create the tables one after another.
select pg_advisory_xact_lock(hashtextextended($1, 0))
