/** party.json: who the party is and where its federation lives. Public, but the folder is the party's own. */
import { DomainError, isUuid, parseUrl, type PartyId } from '#kernel';
import { EVALUATION_MODES, type EvaluationMode, PARTY_ROLES, type PartyRole } from '#protocol';

export interface KeyHolderAddress {
  readonly id: string;
  readonly url: string;
}
/** How this party has its batches evaluated (docs/protocol/fast-mode.md). */
export interface EvaluationSetting {
  readonly mode: EvaluationMode;
  /** Who adds up in fast mode. */
  readonly combiner: 'member' | 'hub';
}
export const COMBINERS = ['member', 'hub'] as const;

export interface PartyFile {
  readonly partyId: PartyId;
  readonly role: PartyRole;
  readonly name: string;
  readonly nameZh: string;
  readonly clientId: string;
  readonly hubUrl: string;
  readonly authUrl: string;
  readonly keyHolders: readonly KeyHolderAddress[];
  readonly federationId: string;
  readonly hubId: string;
  /** Which warning lists refuse rows; the hub decides by its own. Absent = standard. */
  readonly federationPolicy?: 'standard' | 'synthetic';
  /** Absent = baseline. */
  readonly evaluation?: EvaluationSetting;
  readonly contactDesk?: string;
  readonly jurisdiction?: string;
}

/** @throws CONFIG_INVALID naming every faulty field at once */
export function parsePartyFile(value: unknown): PartyFile {
  const party = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: string): boolean => typeof party[name] === 'string' && party[name] !== '';
  const faults = ['name', 'clientId', 'federationId', 'hubId'].filter((name) => !text(name));
  if (!isUuid(party.partyId)) faults.push('partyId');
  if (!(PARTY_ROLES as readonly unknown[]).includes(party.role)) faults.push('role');
  for (const name of ['hubUrl', 'authUrl']) if (!isServiceUrl(party[name])) faults.push(name);
  const holders = Array.isArray(party.keyHolders) ? (party.keyHolders as Partial<KeyHolderAddress>[]) : null;
  if (!holders?.every((holder) => typeof holder?.id === 'string' && holder.id !== '' && isServiceUrl(holder.url))) faults.push('keyHolders');
  if (!['standard', 'synthetic', undefined].includes(party.federationPolicy as string | undefined)) faults.push('federationPolicy');
  if (party.evaluation !== undefined && !isEvaluationSetting(party.evaluation)) faults.push('evaluation');
  if (faults.length > 0) throw new DomainError('CONFIG_INVALID', 'party.json', { file: 'party.json', faults });
  return { nameZh: party.name, ...party } as PartyFile;
}

function isEvaluationSetting(value: unknown): value is EvaluationSetting {
  const { mode, combiner } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return (EVALUATION_MODES as readonly unknown[]).includes(mode) && (COMBINERS as readonly unknown[]).includes(combiner);
}

/** https anywhere; http on the loopback only: tokens and blinded points never cross a network in the clear. */
export function isServiceUrl(value: unknown): value is string {
  const url = typeof value === 'string' ? parseUrl(value) : null;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname));
}
