-- What sagas hold together of what is limited, such as a project's quota.
create table if not exists {schema}.hold (
    key text primary key,
    amount integer not null,
    constraint hold_within_limit check (amount >= 0)
);
