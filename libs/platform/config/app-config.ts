/** What every app reads; apps extend it. */
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Env, SecretFile } from './load-config.js';

export const PROFILES = ['production', 'demo', 'test'] as const;
export type Profile = (typeof PROFILES)[number];
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export class AppConfig {
  /** No default: what is not said to be a demo or a test would otherwise run as one. */
  @Env('TALLY_PROFILE') @IsIn(PROFILES) readonly profile!: Profile;
  @Env('TALLY_HTTP_HOST') @IsString() readonly httpHost: string = '127.0.0.1';
  /** 0 takes any free port. */
  @Env('TALLY_HTTP_PORT') @IsInt() @Min(0) @Max(65_535) readonly httpPort: number = 0;
  @Env('TALLY_LOG_LEVEL') @IsIn(LOG_LEVELS) readonly logLevel: LogLevel = 'info';
  /** Standard output when unset. */
  @Env('TALLY_LOG_FILE') @IsOptional() @IsString() readonly logFile?: string;
}

/** For apps with a database role of their own. */
export class DatabaseAppConfig extends AppConfig {
  @Env('DATABASE_URL') @Matches(/^postgres(ql)?:\/\/[^@/]+@/, { message: 'must be postgresql://role@host/database' }) readonly databaseUrl!: string;
  /** The role's password, kept out of the URL. */
  @SecretFile('DATABASE_PASSWORD_FILE') @IsOptional() @IsString() readonly databasePassword?: string;
  @Env('TALLY_DATABASE_POOL') @IsInt() @Min(1) @Max(200) readonly databasePool: number = 10;
}

/** For apps that act for members: the key that signs the row-level-security context (64 hexadecimal digits). */
export class TenantAppConfig extends DatabaseAppConfig {
  @SecretFile('TALLY_CONTEXT_KEY_FILE') @Matches(/^[0-9a-f]{64}$/, { message: 'must hold 64 hexadecimal digits' }) readonly contextKey!: string;
}
