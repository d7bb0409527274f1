/**
 * The documents that say who holds the key, who may use it and who is suspended right now (docs/protocol/documents.md): payloads of JWS
 * General JSON over JCS. Parsed strictly: unknown members are refused, so that nothing signed is silently ignored.
 */
import { isUuid, type Json } from '#kernel';
import { BUDGETS, type Budget, OPRF_HOLDERS_MAX } from './oprf-wire.js';
import { isPoint, reader, refuseUnless } from './strict-reader.js';

export const STATUS_TYP = 'tally-status+1';
export const STATUS_VALID_SECONDS = 5;
const ROSTER_MEMBERS_MAX = 10_000;
const EVIDENCE_KEYS_MAX = 4;

export interface EvidenceJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

export interface ManifestHolder {
  /** 1 to 16: the x of its share. */
  readonly index: number;
  readonly id: string;
  /** K_i, base64url of 32 bytes. */
  readonly publicKey: string;
}

/** How the key came to be. A dealer has seen the whole key: demonstrations and tests only. */
export type KeyOrigin = 'dealer' | 'dkg';

export interface Manifest {
  readonly v: 1;
  readonly federation: string;
  readonly suite: 'ristretto255-SHA512';
  readonly epoch: number;
  readonly generation: number;
  readonly threshold: number;
  readonly holders: readonly ManifestHolder[];
  /** PK, base64url. */
  readonly publicKey: string;
  /** Commitments a_0*G to a_(t-1)*G, base64url. */
  readonly commitments: readonly string[];
  readonly origin: KeyOrigin;
  readonly validFrom: string;
  readonly validUntil: string;
}

export interface RosterMember {
  readonly memberId: string;
  readonly evidenceKeys: readonly EvidenceJwk[];
  /** Indicators the member has attested to hold. */
  readonly attested: number;
  /** Evaluations a member may ask for: publish and enrolment an epoch, daily a day. A holder grants ceil(budget * t / n). */
  readonly budgets: Readonly<Record<Budget, number>>;
  readonly validFrom: string;
  readonly validUntil: string;
}

export interface Roster {
  readonly v: 1;
  readonly federation: string;
  readonly epoch: number;
  /** Rises with each issue; a holder never goes back. */
  readonly serial: number;
  readonly members: readonly RosterMember[];
  readonly validFrom: string;
  readonly validUntil: string;
}

/** Issued by the hub every 2 s, valid for 5 s. It can only take away: whom the roster does not name stays out. */
export interface StatusList {
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly seq?: number;
  readonly suspended: readonly string[];
  /** system_identifier of the hub's PostgreSQL cluster (pg_control_system()): a holder in the same cluster refuses in production. */
  readonly cluster: string;
}

export function parseManifest(json: Json): Manifest {
  const at = reader('manifest', json, [
    'v', 'federation', 'suite', 'epoch', 'generation', 'threshold', 'holders', 'publicKey', 'commitments', 'origin', 'validFrom', 'validUntil',
  ]);
  const threshold = at.integer('threshold', 1, OPRF_HOLDERS_MAX);
  at.one('v', [1]);
  at.one('suite', ['ristretto255-SHA512']);
  at.one('origin', ['dealer', 'dkg']);
  at.text('federation');
  at.integer('epoch', 0, 0xffffffff);
  at.integer('generation', 0, 0xffffffff);
  at.point('publicKey');
  at.instants();
  at.list('commitments', threshold, threshold).forEach((point) => refuseUnless(isPoint(point), 'manifest', 'commitments'));
  at.list('holders', threshold, OPRF_HOLDERS_MAX).forEach((holder) => {
    const of = reader('manifest', holder, ['index', 'id', 'publicKey']);
    of.integer('index', 1, OPRF_HOLDERS_MAX);
    of.text('id');
    of.point('publicKey');
  });
  const manifest = json as unknown as Manifest;
  const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
  refuseUnless(distinct(manifest.holders.map((holder) => holder.id)) && distinct(manifest.holders.map((holder) => holder.index)), 'manifest', 'holders');
  return manifest;
}

export function parseRoster(json: Json): Roster {
  const at = reader('roster', json, ['v', 'federation', 'epoch', 'serial', 'members', 'validFrom', 'validUntil']);
  at.one('v', [1]);
  at.text('federation');
  at.integer('epoch', 0, 0xffffffff);
  at.integer('serial', 0, Number.MAX_SAFE_INTEGER);
  at.instants();
  at.list('members', 0, ROSTER_MEMBERS_MAX).forEach(checkRosterMember);
  const roster = json as unknown as Roster;
  refuseUnless(new Set(roster.members.map((member) => member.memberId)).size === roster.members.length, 'roster', 'members');
  return roster;
}

function checkRosterMember(json: Json): void {
  const at = reader('roster', json, ['memberId', 'evidenceKeys', 'attested', 'budgets', 'validFrom', 'validUntil']);
  refuseUnless(isUuid(at.text('memberId')), 'roster', 'memberId');
  at.integer('attested', 0, Number.MAX_SAFE_INTEGER);
  at.instants();
  at.list('evidenceKeys', 1, EVIDENCE_KEYS_MAX).forEach((key) => {
    const of = reader('roster', key, ['kty', 'crv', 'x', 'y']);
    of.one('kty', ['EC']);
    of.one('crv', ['P-256']);
    of.point('x');
    of.point('y');
  });
  const budgets = reader('roster', at.value('budgets'), [...BUDGETS]);
  for (const budget of BUDGETS) budgets.integer(budget, 0, 1e12);
}

export function parseStatusList(json: Json): StatusList {
  const counted = typeof json === 'object' && json !== null && 'seq' in json;
  const at = reader('status', json, ['issuedAt', 'expiresAt', 'suspended', 'cluster', ...(counted ? ['seq'] : [])]);
  if (counted) at.integer('seq', 0, Number.MAX_SAFE_INTEGER);
  at.text('cluster');
  at.instant('issuedAt');
  at.instant('expiresAt');
  at.list('suspended', 0, ROSTER_MEMBERS_MAX).forEach((id) => refuseUnless(isUuid(id), 'status', 'suspended'));
  return json as unknown as StatusList;
}

/** What the sealed form of a share file says that it is. */
export const SHARE_SEALED_AS = 'tally-share+1';

/** What a holder keeps in a file of mode 0600, sealed outside of demonstrations. One entry a generation: refresh adds one, the older is destroyed. */
export interface ShareFile {
  readonly v: 1;
  readonly origin: KeyOrigin;
  readonly federation: string;
  readonly epoch: number;
  readonly index: number;
  readonly holderId: string;
  /** k_i, base64url of a canonical little-endian scalar. */
  readonly shares: readonly { readonly generation: number; readonly secret: string }[];
}

export function parseShareFile(json: Json): ShareFile {
  const at = reader('share', json, ['v', 'origin', 'federation', 'epoch', 'index', 'holderId', 'shares']);
  at.one('v', [1]);
  at.one('origin', ['dealer', 'dkg']);
  at.text('federation');
  at.text('holderId');
  at.integer('epoch', 0, 0xffffffff);
  at.integer('index', 1, OPRF_HOLDERS_MAX);
  at.list('shares', 1, 2).forEach((share) => {
    const of = reader('share', share, ['generation', 'secret']);
    of.integer('generation', 0, 0xffffffff);
    of.point('secret');
  });
  return json as unknown as ShareFile;
}

export interface RawGroupKey {
  readonly threshold: number;
  readonly publicKey: Uint8Array;
  readonly commitments: readonly Uint8Array[];
  readonly holders: readonly { readonly index: number; readonly publicKey: Uint8Array }[];
}

/** The points of a parsed manifest as bytes, in the shape that the group-key check takes. */
export function groupKeyOf(manifest: Manifest): RawGroupKey {
  return {
    threshold: manifest.threshold,
    publicKey: raw(manifest.publicKey),
    commitments: manifest.commitments.map(raw),
    holders: manifest.holders.map((holder) => ({ index: holder.index, publicKey: raw(holder.publicKey) })),
  };
}

function raw(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
