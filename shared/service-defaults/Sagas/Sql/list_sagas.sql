-- Sagas newest first, after one that is known ($3) or from the newest (null).
select correlation_id, version, data from {schema}.saga
where type = $1 and created < case
    when $3 is null then 9223372036854775807
    else (select created from {schema}.saga where correlation_id = $3 and type = $1) end
order by created desc
limit $2
