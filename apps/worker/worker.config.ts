import { IsOptional, IsString, Matches } from 'class-validator';
import { SecretFile, TenantAppConfig } from '#platform/config';

export class WorkerConfig extends TenantAppConfig {
  /** Private JWK (P-256) that signs package envelopes; liaisons pin its public part. */
  @SecretFile('TALLY_PACKAGE_KEY_FILE') @IsString() readonly packageKey!: string;
  /** 64 hexadecimal digits, from which each liaison's webhook secret is derived; unset, no webhook is called. */
  @SecretFile('TALLY_WEBHOOK_KEY_FILE') @IsOptional() @Matches(/^[0-9a-f]{64}$/, { message: 'must hold 64 hexadecimal digits' }) readonly webhookKey?: string;
}
