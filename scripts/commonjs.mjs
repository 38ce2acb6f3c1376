/**
 * The CommonJS version of an entry: it requires the module, which every Node.js of `engines` can do. So a program that imports an
 * entry here and requires it there still has one copy, and nothing is shipped twice. A file of its own is needed because
 * tools refuse to `require` one that is a module by its name: Vite 5 and 6 in a CommonJS config.
 *
 * @param {string} module relative URL of the module, such as `./vite.js`
 * @param {string[]} names what it exports
 * @returns {{ code: string, types: string }}
 */
export function commonJs(module, names) {
  const from = `import('${module}', { with: { 'resolution-mode': 'import' } })`
  if (names.includes('default')) {
    return {
      // Node.js gives what the module exports as "module.exports"; tools that compile modules do not.
      code: `const entry = require('${module}')\n\nmodule.exports = entry.default ?? entry\n`,
      types: `declare const plugin: typeof ${from}.default\nexport = plugin\n`,
    }
  }
  const values = names.map(name => `declare const ${name}: typeof ${from}.${name}\n`).join('')
  return {
    // Written out, so that a module that imports this file finds the names.
    code: `const entry = require('${module}')\n\n${names.map(name => `exports.${name} = entry.${name}\n`).join('')}`,
    types: `export type * from '${module}' with { 'resolution-mode': 'import' }\n${values}export { ${names.join(', ')} }\n`,
  }
}
