import { DOCUMENTS } from '../transport/documents.js';
import type { HubClient } from '../transport/hub-client.js';
import { allPages } from './overlaps.js';

/** Something this party can look up has changed. */
export interface PartyEvent {
  readonly seq: number;
  readonly kind: string;
  readonly subjectId: string;
  readonly at: string;
}

export async function queryEvents(hub: HubClient): Promise<PartyEvent[]> {
  const events: PartyEvent[] = [];
  for await (const event of allPages<PartyEvent>(hub, 'events', DOCUMENTS.events)) events.push(event);
  return events;
}
