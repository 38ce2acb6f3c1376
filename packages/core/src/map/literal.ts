/** Each begins a text: code that makes or reads source maps has expressions there. */
const keys = [/\bsourcesContent["']?\s*:\s*\[\s*["'`]/, /\bmappings["']?\s*:\s*["'`][\w+/,;]+["'`]/]

/** Whether code holds a source map as an object, as css-loader puts that of a style sheet into a script. */
export function holdsMapLiteral(code: Buffer): boolean {
  if (!code.includes('sourcesContent')) return false
  const text = code.toString('latin1')
  return keys.every(key => key.test(text))
}
