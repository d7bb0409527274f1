import { DomainError } from '#kernel';

/** Every fault of an environment at once: names of variables and what is wrong with them, never a value. */
export class ConfigError extends DomainError {
  constructor(readonly faults: readonly string[]) {
    super('CONFIG_INVALID', `configuration refused:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, { faults });
  }
}
