const scripts = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/script\b[^>]*>/gi
const typeOf = /\stype\s*=\s*["']?([^"'\s>]*)/i
const runs = /^(?:|module|(?:text|application)\/(?:java|ecma)script)$/i

/** The code of the scripts inside a page that run; data and templates do not. */
export function inlineScripts(html: string): string[] {
  return [...html.replace(/<!--[\s\S]*?-->/g, '').matchAll(scripts)]
    .filter(([, attributes = '']) => !/\ssrc\s*=/i.test(attributes) && runs.test(typeOf.exec(attributes)?.[1] ?? ''))
    .map(([, , code = '']) => code)
}
