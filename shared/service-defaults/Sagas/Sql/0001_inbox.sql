-- Messages that were consumed, by whom. A row is written with the effects of the message, in one transaction.
create table if not exists {schema}.inbox (
    message_id uuid not null,
    consumer_id uuid not null,
    consumed timestamptz not null default now(),
    constraint message_consumed_once primary key (message_id, consumer_id)
);
-- Rows come in the order of their age: a summary of each block finds the old ones, and costs a row next to nothing.
create index if not exists inbox_by_age on {schema}.inbox using brin (consumed) with (pages_per_range = 16);
