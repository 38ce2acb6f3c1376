import { expect, test } from 'vitest'
import { prologueEnd } from '../src/inject/prologue.ts'

/** `|` marks where the first statement begins. */
const cases: Record<string, string> = {
  'plain code': '|run()',
  'a BOM': '\ufeff|run()',
  'a hashbang': '#!/usr/bin/env node\n|run()',
  'a BOM and a hashbang': '\ufeff#!/usr/bin/env node\r\n|run()',
  'comments of both kinds': '// a\n/* b\n c */ |run()',
  'a licence comment on the same line': '/*! MIT */|run()',
  'a directive with a semicolon': '"use strict";|run()',
  'a directive that a line break ends': '"use strict"\n|run()',
  'several directives and comments': "'use client'\n/* why */ 'use strict'; // so\n|run()",
  'a directive before a prefix operator on the next line': '"use strict"\n|++count',
  'a directive before a negation on the next line': '"use strict"\n|!function(){}()',
  'a directive before an identifier that starts like an operator': '"use strict"\n|input()',
  'a directive with escapes': '"use \\"x\\"";|run()',
  'a directive before a closing brace': '"use strict"|}',
  'a string in an expression': '|"a"+b',
  'a string that is called on the next line': '|"a"\n.length',
  'a string before "in" on the next line': '|"a"\nin b',
  'a string before a comparison on the next line': '|"a"\n!= b',
  'a template literal': '|`use strict`;',
  'an import': '|import "./a.js"',
  'nothing but directives': '"use strict";|',
  'nothing at all': '|',
  'an unfinished comment': '/* a|',
  'a line separator as the end of a comment': '// a\u2028|run()',
}

for (const [name, marked] of Object.entries(cases)) {
  const code = marked.replace('|', '')
  const at = marked.indexOf('|')

  test(`finds the first statement after ${name}`, () => {
    expect(prologueEnd(code)).toBe(at)
  })

  test(`finds the same byte after ${name}`, () => {
    const bytes = Buffer.from(code).toString('latin1')
    expect(prologueEnd(bytes)).toBe(Buffer.byteLength(code.slice(0, at)))
  })
}
