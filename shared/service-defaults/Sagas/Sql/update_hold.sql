-- Holds $2 more of $1, or less when it is negative. Fails by hold_within_limit when more than $3 would be held.
insert into {schema}.hold as h (key, amount) values ($1, case when $2 <= $3 then greatest($2, 0) else -1 end)
on conflict (key) do update set amount = case
    when $2 < 0 then greatest(h.amount + $2, 0)
    when h.amount + $2 <= $3 then h.amount + $2
    else -1 end
