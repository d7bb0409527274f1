/**
 * One entry an operation: how a valid request of its owner looks, and what another party of the same role gets. The suite
 * makes from it a refusal for every role of the access map, for nobody at all, and for the stranger, each with the state
 * before = the state after, and sends the owner's request last, so that the refusals were of something that works.
 */
import { BuildPackageFlow } from '#flows/deliver-package';
import { Effects, Outbox } from '#platform/queue';
import type { PartyRole } from '#protocol';
import { aKey } from '#testing';
import type { HubUnderTest, TestParty } from '../support/hub-under-test.js';

export interface CellRequest {
  readonly method: string;
  readonly route: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a stranger of the same role gets. */
export type ForeignOutcome =
  /** Refused with this code, and nothing at all changes. */
  | { readonly code: string }
  /** Answered about itself: nothing of the owner's is in the answer, and no row that names the owner changes. */
  | { readonly apart: true }
  /** Not a secret: everybody with the scope may; why. */
  | { readonly shared: string };

export interface Sample {
  /** The owner's valid request. */
  readonly request: CellRequest;
  /** The stranger's request, where it is not the same. */
  readonly foreignRequest?: CellRequest;
  /** Ids that a stranger's answer must not contain. */
  readonly secrets?: readonly string[];
}

export interface RefusalCell {
  readonly owner: PartyRole;
  sample(world: RefusalWorld): Promise<Sample>;
  readonly foreign: ForeignOutcome;
}

/** Operations that are reachable without a credential; the suite checks that they answer and change nothing. */
export interface PublicCell {
  readonly public: CellRequest;
}

export type CellRegistry = Readonly<Record<string, RefusalCell | PublicCell>>;

export function gql(query: string, variables: Readonly<Record<string, unknown>> = {}): CellRequest {
  return json('POST', '/graphql', { query, variables });
}
export function json(method: string, route: string, body: unknown): CellRequest {
  return { method, route, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
export function get(route: string): CellRequest {
  return { method: 'GET', route };
}

/** Owners and strangers, made once; `lead` and `invited` share overlaps. */
export class RefusalWorld {
  private constructor(
    readonly hub: HubUnderTest, readonly owners: Readonly<Record<PartyRole, TestParty>>, readonly strangers: Readonly<Record<PartyRole, TestParty>>,
    readonly invited: TestParty, readonly build: BuildPackageFlow,
  ) {}

  static async create(hub: HubUnderTest): Promise<RefusalWorld> {
    const four = async (): Promise<Record<PartyRole, TestParty>> => ({
      member: await hub.party('member'), coordinator: await hub.party('coordinator'), liaison: await hub.party('liaison'), auditor: await hub.party('auditor'),
    });
    const { system } = await hub.db.worker();
    return new RefusalWorld(hub, await four(), await four(), await hub.party('member'), new BuildPackageFlow(system, new Effects(system), new Outbox(), aKey()));
  }

  get lead(): TestParty { return this.owners.member; }
  get stranger(): TestParty { return this.strangers.member; }
  get coordinator(): TestParty { return this.owners.coordinator; }
  get liaison(): TestParty { return this.owners.liaison; }
}
