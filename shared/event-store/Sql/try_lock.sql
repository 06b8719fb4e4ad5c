-- Takes a lock that the session holds until it ends; false when another has it.
select pg_try_advisory_lock(hashtextextended($1, 0))
