export const HEAD = `# Benchmarks

What Mapseal and other plugins add to a build. \`npm run bench\` measures everything and writes this page; \`npm run bench -- --quick\`
measures a part in minutes; \`npm run bench -- --help\` lists the rest.`

export const COSTS = `## Cost of a build

Ratios are to the same build without a plugin in the same round: median (lowest–highest). *inject*: IDs alone, maps stay in the
output, nothing is sent. *vault*: Mapseal without destinations, maps go into the local vault. *full*: injected, delivered to a server on
loopback, maps removed where the plugin can. PostHog uploads with a program that its install script downloads, which does not run here;
for its *inject* a program that does nothing takes its place.`

export const METHOD = `## How it is measured

* The apps are generated from npm packages of exact versions: the small one is three.js and 46 small pages, the medium one adds plotly.js,
  TypeScript, math.js and all their add-ons, and the large one holds that three times, as teams with copies of their own do, with
  the languages of Shiki. Every page is loaded lazily; output is minified, with hidden maps.
* Mapseal is built, packed and installed as users install it; peers are installed from lock files. All run in the same bundlers.
* One build is one fresh \`node\` process, in an emptied output folder, with an empty vault, an empty home folder and a server that knows nothing. A round
  builds all variants in turn, each round beginning with another one, after a build that does not count.
* Machines change their speed by a third within minutes. So two revisions are compared by \`npm run bench -- --earlier FOLDER --beside\`: both build at
  the same time, each on a core of its own, and change cores from round to round.
* CPU is what the kernel charges to the build's process and to every process that it started (\`cutime\` and \`cstime\` of the process that waits for
  it); one that outlives the build is counted up to then, and named. Memory is the largest sum of resident sets of that
  tree, read every 25 ms from outside; pages that processes share count in each. Wall time is by the clock.
* The server is a process of its own that is not in these figures. It keeps what it gets, answers at once or after the latency that is set, and is read
  at the bandwidth that is set, all connections together. After the build it checks the SHA-1 of each chunk and bundle,
  opens the bundles and counts the maps in them that parse and bear a debug ID. For vendors without bundles it counts maps in requests.
* A script counts as having an ID if it fills a run-time registry or bears an ID in a comment. The medium and the large app copy a few scripts, such as three.js's decoders, which
  no bundler generates and which get none.`
