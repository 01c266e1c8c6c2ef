import { RATE_CLASSES, type Config } from '../../foundation/index.ts'

/** The configuration as a file of environment variables, as systemd and Docker read them; without what is secret. */
export function configText(config: Config): string {
  const { rateLimits } = config
  const limits = rateLimits
    ? RATE_CLASSES.map((sort) => `${sort}=${rateLimits[sort].count}/${rateLimits[sort].seconds}`).join(',')
    : 'off'
  const values: [string, string | number][] = [
    ['PORT', config.port],
    ['PUBLIC_URL', config.publicUrl],
    ['WITNESS_LOGS', config.witnessedLogs.join(',')],
    ['WITNESSES', config.witnesses.map(({ url, vkey }) => `${url}|${vkey}`).join(',')],
    ['TRUSTED_PROXIES', config.trustedProxies.join(',')],
    ['RATE_LIMITS', limits],
    ['QUOTA_STATEMENTS', config.quotas.statements],
    ['QUOTA_BYTES', config.quotas.bytes],
    ['LOG_LEVEL', config.logLevel],
    ['LOG_CLIENTS', config.logsClients ? 'yes' : 'no'],
  ]
  return [
    '# What this node was set to. DATABASE_URL and OPERATOR_TOKEN are secret, and are not in backups.',
    ...values.map(([name, value]) => `${name}=${value}`),
    '',
  ].join('\n')
}
