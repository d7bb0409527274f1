/** The process's plumbing, made once in main and handed to every room by class. */
import { readFileSync } from 'node:fs';
import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { parseHolderPins, type HolderPins } from '#crypto';
import { KeyHolderAddresses } from '#flows/combine-batch';
import { Federation } from '#flows/onboard-member';
import { EpochFederation, PinnedHolders } from '#flows/rotate-epoch';
import { DomainError, systemClock } from '#kernel';
import { Authenticator, ReplayStore, tokenKeysFrom } from '#platform/auth';
import { ContextSigner, createDataSource, parseContextKey, SystemTx, TenantTx, withPassword } from '#platform/database';
import { METRICS_TEXT, READINESS, type Readiness } from '#platform/http';
import { Idempotency } from '#platform/idempotency';
import { createEventLog, EVENT_LOG, type EventLog } from '#platform/logging';
import { Metrics } from '#platform/metrics';
import { Outbox } from '#platform/queue';
import { HubConfig } from './hub.config.js';

/** Set once the server listens; a port of 0 is known only then. */
export class HubOrigin {
  current = 'http://hub.invalid';
}

export interface HubParts {
  readonly config: HubConfig;
  readonly log: EventLog;
  readonly source: DataSource;
  readonly system: SystemTx;
  readonly tenant: TenantTx;
  readonly origin: HubOrigin;
  readonly authenticator: Authenticator;
  readonly readiness: HubReadiness;
}

export class HubReadiness implements Readiness {
  private draining = false;
  constructor(private readonly system: SystemTx) {}

  drain(): void {
    this.draining = true;
  }

  async check(): Promise<Readonly<Record<string, boolean>>> {
    const database = await this.system.run((tx) => tx.query('select 1')).then(() => true, () => false);
    return { accepting: !this.draining, database };
  }
}

export async function hubParts(config: HubConfig): Promise<HubParts> {
  const log = createEventLog({ app: 'hub', level: config.logLevel, ...(config.logFile === undefined ? {} : { destination: config.logFile }) });
  const source = await createDataSource({
    url: withPassword(config.databaseUrl, config.databasePassword), applicationName: 'tally-hub', poolSize: config.databasePool,
    onConnectionLost: () => { log.warn('database.connection-lost'); },
  });
  const system = new SystemTx(source);
  const tenant = new TenantTx(source, new ContextSigner(parseContextKey(config.contextKey)));
  const origin = new HubOrigin();
  const authenticator = new Authenticator(
    { issuer: config.issuer, audience: config.audience, keys: tokenKeysFrom(config.authJwksFile), origin: () => origin.current },
    new ReplayStore(system), systemClock);
  return { config, log, source, system, tenant, origin, authenticator, readiness: new HubReadiness(system) };
}

/** @throws DomainError CONFIG_INVALID */
function holderPinsFrom(file: string | undefined): HolderPins | null {
  if (file === undefined) return null;
  try {
    const pins = parseHolderPins(JSON.parse(readFileSync(file, 'utf8')));
    if (pins.threshold >= 2) return pins;
  } catch {
    // falls through: one refusal for every way of not being pins
  }
  throw new DomainError('CONFIG_INVALID', 'TALLY_HOLDER_PINS_FILE: not a list of pinned key-holders', { variable: 'TALLY_HOLDER_PINS_FILE' });
}

@Module({})
export class PlatformModule {
  static with(parts: HubParts): DynamicModule {
    const metrics = new Metrics('hub');
    const providers = [
      { provide: HubConfig, useValue: parts.config },
      { provide: EVENT_LOG, useValue: parts.log },
      { provide: SystemTx, useValue: parts.system },
      { provide: TenantTx, useValue: parts.tenant },
      { provide: Idempotency, useFactory: () => new Idempotency() },
      { provide: Outbox, useFactory: () => new Outbox() },
      { provide: Federation, useValue: new Federation(parts.config.federationId) },
      { provide: EpochFederation, useValue: new EpochFederation(parts.config.federationId) },
      { provide: PinnedHolders, useValue: new PinnedHolders(holderPinsFrom(parts.config.holderPinsFile)) },
      { provide: KeyHolderAddresses, useValue: new KeyHolderAddresses(parts.config.keyHoldersFile) },
      { provide: HubReadiness, useValue: parts.readiness },
      { provide: READINESS, useValue: parts.readiness },
      { provide: Metrics, useValue: metrics },
      { provide: METRICS_TEXT, useValue: metrics },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
