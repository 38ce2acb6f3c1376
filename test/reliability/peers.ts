/** What other plugins did under the same faults, measured with Vite 8 and 49 scripts; docs/reliability.md lists the versions. */
export const peers: Record<string, { sentry11: string; sentry5: string; others: string }> = {
  'connection refused': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog, Faro: build passes, maps public. Honeybadger: build fails, maps kept. Bugsnag: hangs',
  },
  'connection reset during the upload, always': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog, Faro: build passes, maps public. Honeybadger: build fails, maps kept. Bugsnag: hangs',
  },
  'server accepts and never answers': {
    sentry11: 'hangs (ended after 60 s)',
    sentry5: 'hangs (ended after 60 s)',
    others: 'Datadog, Faro, Honeybadger, Bugsnag: hang (ended after 25 s)',
  },
  '401': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog: build passes, maps public. Faro: maps lost. Honeybadger, Bugsnag: build fails, maps kept',
  },
  '413, always': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog: build passes, maps public. Faro: maps lost. Honeybadger, Bugsnag: build fails, maps kept',
  },
  '429 without Retry-After': {
    sentry11: 'delivers',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog, Bugsnag: deliver. Faro: one map lost. Honeybadger: build fails, maps kept',
  },
  '500, once': {
    sentry11: 'delivers',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog, Bugsnag: deliver. Faro: one map lost. Honeybadger: build fails, maps kept',
  },
  '500, always': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'Datadog: build passes, maps public. Faro: maps lost. Honeybadger: build fails, maps kept. Bugsnag: hangs',
  },
  '503, three times': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'delivers',
    others: 'Datadog, Bugsnag: deliver. Faro: three maps lost. Honeybadger: build fails, maps kept',
  },
  'server fails to process': {
    sentry11: 'build passes, maps deleted and not stored',
    sentry5: 'build passes, maps deleted and not stored',
    others: 'have no such step',
  },
}
