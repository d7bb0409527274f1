/**
 * The signed list of suspended parties, valid five seconds: what key-holders, who trust no hub token, believe of the hub.
 * Made anew at most every half second; when the database does not answer there is no list, and a stale one is refused.
 */
import { Injectable } from '@nestjs/common';
import { privateJwk, signStatement, type PrivateJwk } from '#crypto';
import { ReadDirectoryFlow } from '#flows/onboard-member';
import { DomainError } from '#kernel';
import { STATUS_TYP, STATUS_VALID_SECONDS, type StatusList } from '#protocol';
import { HubConfig } from '../hub.config.js';

const REUSE_MS = 500;

@Injectable()
export class StatusListSigner {
  private readonly key: PrivateJwk;
  private current: { readonly jws: Promise<string>; readonly madeAt: number } | null = null;

  constructor(config: HubConfig, private readonly read: ReadDirectoryFlow) {
    this.key = parse(config.statusKey);
  }

  /** Compact JWS, typ tally-status+1. */
  async jws(): Promise<string> {
    const now = Date.now();
    if (this.current === null || now - this.current.madeAt > REUSE_MS) {
      const jws = this.make();
      this.current = { jws, madeAt: now };
      jws.catch(() => { this.current = null; });
    }
    return this.current.jws;
  }

  private async make(): Promise<string> {
    // Dated before the read, so that the list is never younger than what it says.
    const issuedAt = new Date();
    const list: StatusList = {
      issuedAt: issuedAt.toISOString(), expiresAt: new Date(issuedAt.getTime() + STATUS_VALID_SECONDS * 1000).toISOString(), ...(await this.read.standing()),
    };
    return signStatement(STATUS_TYP, { ...list, suspended: [...list.suspended] }, this.key);
  }
}

function parse(text: string): PrivateJwk {
  try {
    return privateJwk(JSON.parse(text));
  } catch {
    throw new DomainError('CONFIG_INVALID', 'TALLY_STATUS_KEY_FILE holds no private P-256 JWK');
  }
}
