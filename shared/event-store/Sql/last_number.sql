-- The last number drawn, committed or not; costs no transaction id.
select case when is_called then last_value else 0 end from {schema}.mt_events_sequence
