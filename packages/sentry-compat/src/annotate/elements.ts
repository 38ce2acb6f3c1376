/** Elements of the DOM. Other names in lower case are those of other renderers, which may choke on our attribute. */
const elements = new Set(
  (
    'a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code col ' +
    'colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form ' +
    'frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map ' +
    'mark marquee menu menuitem meta meter nav noscript object ol optgroup option output p param picture pre progress q rp ' +
    'rt ruby s samp script search section select slot small source span strong style sub summary sup table tbody td ' +
    'template textarea tfoot th thead time title tr track tt u ul var video wbr ' +
    'svg animate animateMotion animateTransform circle clipPath defs desc ellipse filter foreignObject g image ' +
    'linearGradient marker mask metadata path pattern polygon polyline radialGradient rect set stop switch symbol text ' +
    'textPath tspan use view math'
  ).split(' '),
)

/** `line` is left out: as the root of a component it is that of a renderer more often than one of SVG. */
export function isDomElement(name: string): boolean {
  return elements.has(name) || /^[a-z][a-z\d]*-/.test(name)
}
