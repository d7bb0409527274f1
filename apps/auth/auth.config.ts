import { IsString, IsUrl, Matches } from 'class-validator';
import { DatabaseAppConfig, Env, SecretFile } from '#platform/config';

export class AuthConfig extends DatabaseAppConfig {
  /** Issuer identifier, `aud` of client assertions, and the origin that clients address. */
  @Env('TALLY_ISSUER') @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] }) readonly issuer!: string;
  /** The one resource that tokens are issued for. */
  @Env('TALLY_HUB_AUDIENCE') @Matches(/^urn:[a-z0-9:.-]{1,128}$/) readonly audience!: string;
  /** Private JWK set; each key P-256 with `kid`, `alg: "ES256"`, `use: "sig"`. The first one signs. */
  @SecretFile('TALLY_AUTH_KEYS_FILE') @IsString() readonly signingKeys!: string;
}
