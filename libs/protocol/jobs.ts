/**
 * Every kind of background job and what it is told. Payloads hold ids only (checked when appended): whatever else a
 * handler needs it reads under row-level security, so that a queue table or a dead letter tells nothing about anyone.
 */
import type { MemberId, PackageId, PublicationId } from '#kernel';

export interface JobPayloads {
  /** Look for overlaps of what a member has just published. */
  readonly 'overlaps.match': { readonly memberId: MemberId; readonly publicationId: PublicationId };
  /** A member was suspended or is back: what others see on its clues changes. */
  readonly 'overlaps.standing': { readonly memberId: MemberId };
  /** Erase the tokens of an epoch that is closed. */
  readonly 'epochs.erase': { readonly erasureId: string };
  /** Bind the sealed contributions of an approved case (or none: a test) into one package, and offer it. */
  readonly 'packages.build': { readonly packageId: PackageId };
  /** Tell the liaison's webhook that a package waits in its inbox. */
  readonly 'packages.notify': { readonly packageId: PackageId };
}

export type JobName = keyof JobPayloads;

export const JOB_NAMES = ['overlaps.match', 'overlaps.standing', 'epochs.erase', 'packages.build', 'packages.notify'] as const satisfies readonly JobName[];

type Missing = Exclude<JobName, (typeof JOB_NAMES)[number]>;
/** Fails to compile when a job has a payload but no name in the list. */
export const everyJobIsNamed: [Missing] extends [never] ? true : never = true;
