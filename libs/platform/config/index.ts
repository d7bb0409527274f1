export { AppConfig, DatabaseAppConfig, LOG_LEVELS, PROFILES, TenantAppConfig, type LogLevel, type Profile } from './app-config.js';
export { ConfigError } from './config.error.js';
export { Env, loadConfig, SecretFile, type Environment } from './load-config.js';
export { isPlaceholder, readSecretFile } from './secret-file.js';
