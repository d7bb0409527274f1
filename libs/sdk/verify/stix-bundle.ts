/**
 * STIX 2.1 bundle of a verified package. Deterministic: every id is a UUIDv5 over content, every time comes from the envelope,
 * objects are sorted by id, the text is canonical JSON: two machines give the same bytes. Contributors' own objects pass a list of
 * types and keep nothing that would speak for somebody else.
 */
import { canonicalJson, type Json } from '#kernel';
import { CATEGORIES, isCode, type Handling } from '#protocol';
import { v5 as uuidv5 } from 'uuid';
import type { VerifiedPackage } from './verify-package.js';

/** STIX 2.1 2.9: namespace of deterministic ids of cyber observables. */
const SCO_NAMESPACE = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Our own namespace for identities, reports and notes. */
const OWN_NAMESPACE = '6f6d7f3e-3e0c-5d1a-9b44-0f4a5b1f2c77';
const TLP_EXTENSION = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d';
const TLP_MARKINGS: Readonly<Record<Handling, readonly [id: string, word: string]>> = {
  CLEAR: ['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', 'clear'],
  GREEN: ['marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb', 'green'],
  AMBER: ['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421', 'amber'],
  AMBER_STRICT: ['marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', 'amber+strict'],
  RED: ['marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1', 'red'],
};
const OBJECT_TYPES = ['url', 'email-addr', 'domain-name', 'user-account', 'identity'];

type StixObject = Readonly<Record<string, Json>>;

/** One observable of a row: kind is the word of the files, value the row's own text. */
export function stixObjectOf(kind: string, value: string): StixObject {
  if (kind === 'url') return sco('url', { value });
  if (kind === 'email') return sco('email-addr', { value });
  if (kind === 'org_name') return { ...base('identity', `claimed:${value}`), name: value, identity_class: 'organization' };
  return sco('user-account', { account_type: kind.replaceAll('_', '-'), user_id: value });
}

/** Canonical JSON text of the bundle, ending in a newline. */
export function stixBundle(verified: VerifiedPackage): string {
  const { envelope } = verified;
  const at = envelope.custody[0]?.at ?? '1970-01-01T00:00:00.000Z';
  const [markingId, word] = TLP_MARKINGS[envelope.handling];
  const marked = { created: at, modified: at, object_marking_refs: [markingId] };
  const objects = new Map<string, StixObject>();
  const add = (object: StixObject): string => {
    objects.set(String(object['id']), object);
    return String(object['id']);
  };
  add({ type: 'marking-definition', spec_version: '2.1', id: markingId, created: '2022-10-01T00:00:00.000Z', name: `TLP:${word.toUpperCase()}`,
    extensions: { [TLP_EXTENSION]: { extension_type: 'property-extension', tlp_2_0: word } } });
  const notes: string[] = [];
  for (const { payload, memberName } of verified.contributions) {
    const author = add({ ...base('identity', `party:${payload.member}`), ...marked, name: memberName.name, identity_class: 'organization',
      contact_information: `${payload.contactDesk.name}; ${payload.contactDesk.phone}; ${payload.contactDesk.email}` });
    const refs = payload.objects.map(ownObject).filter((object) => object !== null).map((object) => add(isObservable(object) ? object : { ...object, ...marked }));
    if (refs.length === 0) continue;
    notes.push(add({ ...base('note', `contribution:${payload.id}`), ...marked, created_by_ref: author, abstract: 'Contribution',
      content: payload.limitations.join('\n') || 'A match is a lead, not a decision.', object_refs: [...new Set([author, ...refs])].sort() }));
  }
  if (notes.length > 0) {
    const category = envelope.category ?? '';
    const name = isCode(CATEGORIES, category) ? CATEGORIES[category].en : category;
    add({ ...base('report', `package:${envelope.id}`), ...marked, name: `Joint case ${envelope.case}: ${name}`, report_types: ['observed-data'], published: at,
      object_refs: [...objects.keys()].filter((id) => !id.startsWith('marking-definition')).sort() });
  }
  const sorted = [...objects.values()].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  return `${canonicalJson({ type: 'bundle', id: `bundle--${uuidv5(`package:${envelope.id}`, OWN_NAMESPACE)}`, objects: sorted as Json })}\n`;
}

/** Contributors' objects are foreign input: rebuilt from the few members we know, with an id of our own computing; anything else is left out. */
function ownObject(value: Json): StixObject | null {
  const object = (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}) as StixObject;
  const text = (name: string): string | null => (typeof object[name] === 'string' && object[name].length <= 10_000 ? object[name] : null);
  const type = text('type');
  if (type === null || !OBJECT_TYPES.includes(type)) return null;
  if (type === 'user-account') {
    const [kind, id] = [text('account_type'), text('user_id')];
    return kind !== null && id !== null ? sco('user-account', { account_type: kind, user_id: id }) : null;
  }
  if (type === 'identity') {
    const name = text('name');
    return name === null ? null : stixObjectOf('org_name', name);
  }
  const content = text('value');
  return content === null ? null : sco(type, { value: content });
}

function isObservable(object: StixObject): boolean {
  return object['type'] !== 'identity';
}
function sco(type: string, members: StixObject): StixObject {
  return { type, spec_version: '2.1', id: `${type}--${uuidv5(canonicalJson(members), SCO_NAMESPACE)}`, ...members };
}
function base(type: string, name: string): StixObject {
  return { type, spec_version: '2.1', id: `${type}--${uuidv5(`${type}:${name}`, OWN_NAMESPACE)}` };
}
