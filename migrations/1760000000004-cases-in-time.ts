/** Part of the migration of cases: what happens to packages after they were offered, by retraction and by time. */

export const NOTICES = `
  create function tally.notice_retraction(clues uuid[]) returns int
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    affected record;
    notices int := 0;
  begin
    for affected in
      select distinct k.package_id, k.case_id, k.liaison_id from tally.overlap o
        join tally.case_overlap co on co.party_id = o.member_id and co.overlap_id = o.overlap_id
        join tally.contribution c on c.party_id = co.party_id and c.case_id = co.case_id
        join tally.package k on k.case_id = co.case_id
        where o.member_id = sec.party() and o.clue_id = any (clues)
          and k.state in ('OFFERED', 'FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED')
        order by k.package_id
    loop
      insert into tally.inbox_entry (liaison_id, package_id, kind) values (affected.liaison_id, affected.package_id, 'SUPERSEDING_NOTICE');
      perform tally.tell_case(affected.case_id, 'PACKAGE_SUPERSEDED');
      notices := notices + 1;
    end loop;
    return notices;
  end $$;
  comment on function tally.notice_retraction(uuid[]) is 'Number of packages of which a liaison was told that a clue under the caller''s contribution was taken back';

  create function tally.notice_at_offer(which uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  begin
    -- A retraction under way is waited for and then seen; a later one waits for the offer and then finds it.
    perform 1 from tally.package k join tally.contribution c on c.case_id = k.case_id
      join tally.case_overlap co on co.party_id = c.party_id and co.case_id = c.case_id
      join tally.overlap o on o.member_id = co.party_id and o.overlap_id = co.overlap_id
      join tally.clue l on l.member_id = o.member_id and l.clue_id = o.clue_id
      where k.package_id = which order by l.member_id, l.clue_id for share of l;
    insert into tally.inbox_entry (liaison_id, package_id, kind)
      select k.liaison_id, k.package_id, 'SUPERSEDING_NOTICE' from tally.package k
        where k.package_id = which and exists (select from tally.contribution c
          join tally.case_overlap co on co.party_id = c.party_id and co.case_id = c.case_id
          join tally.overlap o on o.member_id = co.party_id and o.overlap_id = co.overlap_id
          join tally.clue l on l.member_id = o.member_id and l.clue_id = o.clue_id
          where c.case_id = k.case_id and l.state = 'RETRACTED');
    return found;
  end $$;
  comment on function tally.notice_at_offer(uuid) is 'The same, for a clue that was taken back while its package was being approved or built';
  create policy definer_insert on tally.inbox_entry for insert to tally_match with check (kind = 'SUPERSEDING_NOTICE');
  grant insert on tally.inbox_entry to tally_match;
`;

/** What time does to cases (days in tally.network_rule): unanswered invitations lapse, packages that nobody takes expire, answered ones close. */
export const TIME = `
  alter table tally.network_rule no force row level security;
  insert into tally.network_rule values ('invitation-days', 14), ('package-days', 90), ('closing-days', 180);
  alter table tally.network_rule force row level security;
  create policy definer_update on tally.case_party for update to tally_match using (invitation = 'ASKED') with check (invitation = 'LAPSED');
  create policy definer_update on tally.package for update to tally_match using (true) with check (state in ('EXPIRED', 'CLOSED'));
  create policy definer_update on tally.joint_case for update to tally_match using (state = 'APPROVED') with check (state = 'CLOSED');
  grant update (invitation, answered_at) on tally.case_party to tally_match;
  grant update (state, changed_at) on tally.package, tally.joint_case to tally_match;

  create function tally.rule_interval(rule text) returns interval
    language sql stable security definer set search_path = pg_catalog, pg_temp
  begin atomic
    select make_interval(days => r.value) from tally.network_rule r where r.name = rule;
  end;

  create function tally.sweep_cases() returns setof uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
  declare
    moved record;
  begin
    return query update tally.case_party p set invitation = 'LAPSED', answered_at = now()
      where p.invitation = 'ASKED' and p.asked_at < now() - tally.rule_interval('invitation-days') returning p.case_id;
    for moved in
      update tally.package k set changed_at = now(), state = case when k.state in ('OFFERED', 'FETCHED') then 'EXPIRED' else 'CLOSED' end
        where (k.state in ('OFFERED', 'FETCHED') and k.changed_at < now() - tally.rule_interval('package-days'))
          or (k.state in ('ACCEPTED', 'REJECTED') and k.changed_at < now() - tally.rule_interval('closing-days'))
        returning k.package_id, k.case_id, k.state
    loop
      if moved.case_id is not null then
        perform tally.tell_case(moved.case_id, 'PACKAGE_' || moved.state);
        update tally.joint_case c set state = 'CLOSED', changed_at = now() where c.case_id = moved.case_id and c.state = 'APPROVED' and moved.state = 'CLOSED';
      end if;
      return next moved.package_id;
    end loop;
  end $$;
  comment on function tally.sweep_cases() is 'Cases and packages that moved';
`;
