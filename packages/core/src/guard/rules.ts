/** A kind of secret, found by a text that it always has. */
export interface Rule {
  /** For people, with an article. */
  name: string
  /** What every one of them begins with, or has in it: searched for first, since that is fast. */
  anchor: string
  /** Matched where the anchor is; `\\n` is an escaped line end, as JSON has it. */
  pattern: RegExp
}

/**
 * Secrets that have a form of their own. Keys that are meant for browsers, such as Google's `AIza…`, Stripe's `pk_…` and Sentry's DSN, are
 * not among them. After the rules of gitleaks and of GitHub's secret scanning.
 */
export const rules: readonly Rule[] = [
  {
    name: 'a private key',
    anchor: 'PRIVATE KEY-----',
    // Libraries have the first line alone, to compare with.
    pattern: /PRIVATE KEY-----(?:\\+[rn]|\s)*[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\\rn\s]*/y,
  },
  {
    name: 'a private key',
    anchor: 'PRIVATE KEY BLOCK-----',
    pattern: /PRIVATE KEY BLOCK-----(?:\\+[rn]|\s)*[A-Za-z0-9+/:. \\\s]{40}[A-Za-z0-9+/=\\rn\s]*/y,
  },
  { name: 'an AWS access key', anchor: 'ASIA', pattern: /ASIA[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { name: 'an AWS access key', anchor: 'AKIA', pattern: /AKIA(?![A-Z2-7]{9}EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { name: 'an Anthropic key', anchor: 'sk-ant-', pattern: /sk-ant-(?:api|admin)\d\d-[\w-]{80,}/y },
  { name: 'an OpenAI key', anchor: 'T3BlbkFJ', pattern: /T3BlbkFJ[\w-]{20,}/y },
  { name: 'a GitHub token', anchor: 'ghp_', pattern: /ghp_[A-Za-z0-9]{36}/y },
  { name: 'a GitHub token', anchor: 'gho_', pattern: /gho_[A-Za-z0-9]{36}/y },
  { name: 'a GitHub token', anchor: 'ghs_', pattern: /ghs_[A-Za-z0-9]{36}/y },
  { name: 'a GitHub token', anchor: 'ghu_', pattern: /ghu_[A-Za-z0-9]{36}/y },
  { name: 'a GitHub token', anchor: 'ghr_', pattern: /ghr_[A-Za-z0-9]{36,}/y },
  { name: 'a GitHub token', anchor: 'github_pat_', pattern: /github_pat_\w{82}/y },
  { name: 'a GitLab token', anchor: 'glpat-', pattern: /glpat-[\w-]{20}/y },
  { name: 'an npm token', anchor: 'npm_', pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/y },
  { name: 'a Slack token', anchor: 'xoxb-', pattern: /xoxb-\d{10,}-[\w-]{20,}/y },
  { name: 'a Slack token', anchor: 'xoxp-', pattern: /xoxp-\d{10,}-[\w-]{20,}/y },
  { name: 'a Slack token', anchor: 'xapp-', pattern: /xapp-\d-[A-Z0-9]{8,}-\d{10,}-[a-z0-9]{32,}/y },
  {
    name: 'a Slack webhook',
    anchor: 'hooks.slack.com/services/',
    pattern: /hooks\.slack\.com\/services\/T\w{8,}\/B\w{8,}\/\w{24}/y,
  },
  { name: 'a Stripe secret key', anchor: 'sk_live_', pattern: /sk_live_[A-Za-z0-9]{24,}/y },
  { name: 'a Stripe restricted key', anchor: 'rk_live_', pattern: /rk_live_[A-Za-z0-9]{24,}/y },
  { name: 'a Google OAuth secret', anchor: 'GOCSPX-', pattern: /GOCSPX-[\w-]{28}/y },
  { name: 'a SendGrid key', anchor: 'SG.', pattern: /SG\.[\w-]{22}\.[\w-]{43}/y },
  { name: 'a Sentry token', anchor: 'sntrys_', pattern: /sntrys_eyJ[\w+/=-]{40,}/y },
  { name: 'a Sentry token', anchor: 'sntryu_', pattern: /sntryu_[\da-f]{64}/y },
  { name: 'a PostHog personal key', anchor: 'phx_', pattern: /phx_[A-Za-z0-9]{40,}/y },
  { name: 'a New Relic user key', anchor: 'NRAK-', pattern: /NRAK-[A-Z0-9]{27}/y },
  { name: 'a Grafana token', anchor: 'glsa_', pattern: /glsa_[A-Za-z0-9]{32}_[\da-f]{8}/y },
  { name: 'a Linear key', anchor: 'lin_api_', pattern: /lin_api_[A-Za-z0-9]{40}/y },
  { name: 'a Supabase token', anchor: 'sbp_', pattern: /sbp_[\da-f]{40}/y },
  { name: 'a Figma token', anchor: 'figd_', pattern: /figd_[\w-]{40}/y },
  { name: 'a Postman key', anchor: 'PMAK-', pattern: /PMAK-[\da-f]{24}-[\da-f]{34}/y },
  { name: 'an Atlassian token', anchor: 'ATATT3', pattern: /ATATT3[\w=-]{180,}/y },
  { name: 'a Doppler token', anchor: 'dp.pt.', pattern: /dp\.pt\.[A-Za-z0-9]{43}/y },
  { name: 'a PlanetScale token', anchor: 'pscale_tkn_', pattern: /pscale_tkn_[\w.-]{32,}/y },
  { name: 'a PyPI token', anchor: 'pypi-AgEIcHlwaS5vcmc', pattern: /pypi-AgEIcHlwaS5vcmc[\w-]{50,}/y },
  { name: 'a Docker token', anchor: 'dckr_pat_', pattern: /dckr_pat_[\w-]{27}/y },
  { name: 'a RubyGems key', anchor: 'rubygems_', pattern: /rubygems_[\da-f]{48}/y },
  { name: 'a Hugging Face token', anchor: 'hf_', pattern: /hf_[A-Za-z]{34}(?![A-Za-z])/y },
  { name: 'a DigitalOcean token', anchor: 'dop_v1_', pattern: /dop_v1_[\da-f]{64}/y },
  { name: 'a Shopify token', anchor: 'shpat_', pattern: /shpat_[\da-fA-F]{32}/y },
  { name: 'a Vault token', anchor: 'hvs.', pattern: /hvs\.[\w-]{90,}/y },
  { name: 'an Azure storage key', anchor: 'AccountKey=', pattern: /AccountKey=[A-Za-z0-9+/]{86}==/y },
  { name: 'an age key', anchor: 'AGE-SECRET-KEY-1', pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/y },
]
