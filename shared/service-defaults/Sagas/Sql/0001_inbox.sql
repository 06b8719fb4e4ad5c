-- Messages that were consumed, by whom. A row is written with the effects of the message, in one transaction.
create table if not exists {schema}.inbox (
    message_id uuid not null,
    consumer_id uuid not null,
    consumed timestamptz not null default now(),
    constraint message_consumed_once primary key (message_id, consumer_id)
);
create index if not exists inbox_by_age on {schema}.inbox (consumed);
