-- Messages owed by a consumed message. A row goes when the broker has confirmed it.
-- They live for a moment only, so they are not compressed while they fit on a page.
-- taken: when it was written, or last taken to be sent for a consumer that gave up.
create table if not exists {schema}.outbox (
    message_id uuid not null,
    consumer_id uuid not null,
    position integer not null,
    taken timestamptz not null default now(),
    envelope text not null,
    constraint outbox_one_per_position primary key (message_id, consumer_id, position)
) with (toast_tuple_target = 8160);
