import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';
import { ENGINE_CHOICES, type EngineChoice } from '#crypto';
import { DatabaseAppConfig, Env, SecretFile } from '#platform/config';

export class KeyholderConfig extends DatabaseAppConfig {
  @Env('TALLY_FEDERATION_ID') @IsString() readonly federationId!: string;
  /** Content of the share file: mode 0600, sealed, made by `tally ceremony` (plain ones, of a demonstration dealer, are refused in production). */
  @SecretFile('TALLY_SHARE_FILE') @IsString() readonly share!: string;
  @Env('TALLY_SHARE_FILE') @IsString() readonly shareFile!: string;
  /** What opens sealed share files, of both epochs: one of the two. */
  @SecretFile('TALLY_SHARE_PASSPHRASE_FILE') @IsOptional() @IsString() readonly sharePassphrase?: string;
  @SecretFile('TALLY_SHARE_KEY_FILE') @IsOptional() @IsString() readonly shareKey?: string;
  @Env('TALLY_MANIFEST_FILE') @IsString() readonly manifestFile!: string;
  /** The generation before, while its requests are still answered; may be absent. */
  @Env('TALLY_PREVIOUS_MANIFEST_FILE') @IsOptional() @IsString() readonly previousManifestFile?: string;
  @Env('TALLY_ROSTER_FILE') @IsString() readonly rosterFile!: string;
  /** A second epoch beside the first, while both are answered (docs/protocol/epochs.md): share, manifest and roster of its own. */
  @SecretFile('TALLY_SECOND_SHARE_FILE') @IsOptional() @IsString() readonly secondShare?: string;
  @Env('TALLY_SECOND_SHARE_FILE') @IsOptional() @IsString() readonly secondShareFile?: string;
  @Env('TALLY_SECOND_MANIFEST_FILE') @IsOptional() @IsString() readonly secondManifestFile?: string;
  @Env('TALLY_SECOND_ROSTER_FILE') @IsOptional() @IsString() readonly secondRosterFile?: string;
  /** Whose signatures count in the second epoch, when its holders or their threshold are others; absent: those of the first. */
  @Env('TALLY_SECOND_HOLDER_PINS_FILE') @IsOptional() @IsString() readonly secondPinsFile?: string;
  /** Where the stop of an epoch will be put when it must end at once; need not exist before. */
  @Env('TALLY_EPOCH_STOP_FILE') @IsOptional() @IsString() readonly epochStopFile?: string;
  /** Evidence keys of the holders, pinned out of band: { threshold, holders: [{ owner, jwk }] }. */
  @Env('TALLY_HOLDER_PINS_FILE') @IsString() readonly pinsFile!: string;
  /** Whether batches in fast mode are answered (docs/protocol/fast-mode.md). */
  @Env('TALLY_FAST_MODE') @IsIn(['refused', 'allowed']) readonly fastMode: 'refused' | 'allowed' = 'refused';
  /** This holder's own evidence key, pinned by the others: a private JWK. Signs answers of fast mode. */
  @SecretFile('TALLY_EVIDENCE_KEY_FILE') @IsOptional() @IsString() readonly evidenceKey?: string;
  @Env('TALLY_STATUS_URL') @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false }) readonly statusUrl!: string;
  /** Public JWK of the hub's status key, pinned. */
  @Env('TALLY_STATUS_KEY_FILE') @IsString() readonly statusKeyFile!: string;
  @Env('TALLY_STATUS_INTERVAL_MS') @IsInt() @Min(100) @Max(2_000) readonly statusIntervalMs: number = 1_000;
  @Env('TALLY_EVALUATION_THREADS') @IsInt() @Min(1) @Max(64) readonly evaluationThreads: number = 1;
  /** What multiplies with the share (docs/adr/0012-which-engine-where.md). */
  @Env('TALLY_ENGINE') @IsIn(ENGINE_CHOICES) readonly engine: EngineChoice = 'libsodium';
  @Env('TALLY_HTTP_SOCKET_TIMEOUT_MS') @IsInt() @Min(1_000) readonly socketTimeoutMs: number = 60_000;
}
