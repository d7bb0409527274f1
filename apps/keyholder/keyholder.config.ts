import { IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';
import { DatabaseAppConfig, Env, SecretFile } from '#platform/config';

export class KeyholderConfig extends DatabaseAppConfig {
  @Env('TALLY_FEDERATION_ID') @IsString() readonly federationId!: string;
  /** Content of the share file: mode 0600, made by key generation (or a demonstration dealer). */
  @SecretFile('TALLY_SHARE_FILE') @IsString() readonly share!: string;
  @Env('TALLY_SHARE_FILE') @IsString() readonly shareFile!: string;
  @Env('TALLY_MANIFEST_FILE') @IsString() readonly manifestFile!: string;
  /** The generation before, while its requests are still answered. */
  @Env('TALLY_PREVIOUS_MANIFEST_FILE') @IsOptional() @IsString() readonly previousManifestFile?: string;
  @Env('TALLY_ROSTER_FILE') @IsString() readonly rosterFile!: string;
  /** Evidence keys of the holders, pinned out of band: { threshold, holders: [{ owner, jwk }] }. */
  @Env('TALLY_HOLDER_PINS_FILE') @IsString() readonly pinsFile!: string;
  @Env('TALLY_STATUS_URL') @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false }) readonly statusUrl!: string;
  /** Public JWK of the hub's status key, pinned. */
  @Env('TALLY_STATUS_KEY_FILE') @IsString() readonly statusKeyFile!: string;
  @Env('TALLY_STATUS_INTERVAL_MS') @IsInt() @Min(100) @Max(2_000) readonly statusIntervalMs: number = 1_000;
  @Env('TALLY_EVALUATION_THREADS') @IsInt() @Min(1) @Max(64) readonly evaluationThreads: number = 1;
  @Env('TALLY_HTTP_SOCKET_TIMEOUT_MS') @IsInt() @Min(1_000) readonly socketTimeoutMs: number = 60_000;
}
