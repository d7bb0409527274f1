import { IsOptional, IsString, Matches } from 'class-validator';
import { AppConfig, Env, SecretFile } from '#platform/config';

const HEX_KEY = /^[0-9a-f]{64}$/;

/** Everything but the address is a file. Passwords may be left out where an administrator sets them by other means. */
export class MigrateConfig extends AppConfig {
  /** URL of a role that may create roles, on the database of the hub. */
  @Env('DATABASE_URL') @Matches(/^postgres(ql)?:\/\/[^@/]+@/, { message: 'must be postgresql://role@host/database' }) readonly adminUrl!: string;
  @SecretFile('DATABASE_PASSWORD_FILE') @IsOptional() @IsString() readonly adminPassword?: string;
  @SecretFile('TALLY_MIGRATE_PASSWORD_FILE') @IsOptional() @IsString() readonly migratePassword?: string;
  @SecretFile('TALLY_APP_PASSWORD_FILE') @IsOptional() @IsString() readonly appPassword?: string;
  @SecretFile('TALLY_WORKER_PASSWORD_FILE') @IsOptional() @IsString() readonly workerPassword?: string;
  @SecretFile('TALLY_LOG_PASSWORD_FILE') @IsOptional() @IsString() readonly logPassword?: string;
  @SecretFile('TALLY_AUTH_PASSWORD_FILE') @IsOptional() @IsString() readonly authPassword?: string;
  /** The keys that hub and worker sign the row-level-security context with: 64 hexadecimal digits each. */
  @SecretFile('TALLY_CONTEXT_KEY_FILE') @Matches(HEX_KEY, { message: 'must hold 64 hexadecimal digits' }) readonly contextKey!: string;
  @SecretFile('TALLY_WORKER_CONTEXT_KEY_FILE') @Matches(HEX_KEY, { message: 'must hold 64 hexadecimal digits' }) readonly workerContextKey!: string;
}
