-- A transaction id, to wait for. The message is for nobody: with it the commit flushes the log, and with the
-- log the numbers drawn; otherwise a crash could hand out again what readers have already passed.
select pg_current_xact_id() from pg_logical_emit_message(true, 'mt_high_water', '')
