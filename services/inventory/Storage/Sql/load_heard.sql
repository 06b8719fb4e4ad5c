-- When each host's agent was last heard.
select host_id, heard_at from inventory.host_heard
