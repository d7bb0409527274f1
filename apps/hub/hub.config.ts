import { IsIn, IsOptional, IsString, IsUrl, Matches } from 'class-validator';
import { Env, SecretFile, TenantAppConfig } from '#platform/config';

const LOCAL_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

export class HubConfig extends TenantAppConfig {
  @Env('TALLY_FEDERATION_ID') @Matches(/^[a-z0-9.-]{1,64}$/) readonly federationId!: string;
  @Env('TALLY_HUB_ID') @Matches(/^[a-z0-9.-]{1,64}$/) readonly hubId!: string;
  @Env('TALLY_FEDERATION_POLICY') @IsIn(['standard', 'synthetic']) readonly federationPolicy!: 'standard' | 'synthetic';
  /** `iss` of access tokens, and their one audience. */
  @Env('TALLY_ISSUER') @IsUrl(LOCAL_URL) readonly issuer!: string;
  @Env('TALLY_HUB_AUDIENCE') @Matches(/^urn:[a-z0-9:.-]{1,128}$/) readonly audience!: string;
  /** Public keys of the token server (JWK set). */
  @Env('TALLY_AUTH_JWKS_FILE') @IsString() readonly authJwksFile!: string;
  /** Origin that clients address; unset, it is the listening address (no proxy in front). */
  @Env('TALLY_HUB_URL') @IsOptional() @IsUrl(LOCAL_URL) readonly publicUrl?: string;
  /** Registered documents; must be set in production. */
  @Env('TALLY_DOCUMENTS_FILE') @IsOptional() @IsString() readonly documentsFile?: string;
  /** Key-holders that the hub goes by when an epoch changes: { threshold, holders: [{ owner, jwk }] }. Unset, none is announced or stopped here. */
  @Env('TALLY_HOLDER_PINS_FILE') @IsOptional() @IsString() readonly holderPinsFile?: string;
  /** Addresses of the key-holders, JSON { holders: [{ index, url }] }: set, the hub combines batches of fast mode for members. */
  @Env('TALLY_KEY_HOLDERS_FILE') @IsOptional() @IsString() readonly keyHoldersFile?: string;
  /** Private JWK that signs the status list. */
  @SecretFile('TALLY_STATUS_KEY_FILE') @IsString() readonly statusKey!: string;
}

/** Rules between fields; faults in the same form as loadConfig's. */
export function crossFaults(config: HubConfig): string[] {
  if (config.profile !== 'production') return [];
  return [
    ...(config.federationPolicy === 'synthetic' ? ['TALLY_FEDERATION_POLICY: synthetic is for demo and tests'] : []),
    ...(config.documentsFile === undefined ? ['TALLY_DOCUMENTS_FILE: is not set'] : []),
  ];
}
