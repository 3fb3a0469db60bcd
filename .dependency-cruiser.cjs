// The directions of the house (README): rules know nothing, actions know rules, doors know actions.
const inside = (path) => ({ path: `^${path}` });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-stand-alone',
      comment: 'contracts import zod and each other',
      severity: 'error',
      from: inside('packages/contracts/src'),
      to: { pathNot: '^(packages/contracts/|node_modules/.*zod|.*fast-check|.*@jest)' },
    },
    {
      name: 'rules-are-pure',
      comment:
        'rules import node:crypto, node:buffer, node:zlib (a checksum), RFC 8785, decimals, PDF (bytes in memory), what evaluates flags, contracts (types and codes) and each other; no database, no framework, no clock',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/rules/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot:
          '^(packages/[^/]+/src/rules/|packages/contracts/|(node:)?(buffer|crypto|zlib)$|.*node_modules/(canonicalize|decimal\\.js|pdfkit|@openfeature/(core|flagd-core)|imurmurhash|re2js|semver|ajv)/)',
      },
    },
    {
      name: 'rooms-do-not-import-each-other',
      severity: 'error',
      from: { path: '^packages/(oauth|billing|licensing|flags)/' },
      to: { path: '^packages/(oauth|billing|licensing|flags)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'packages-do-not-import-apps',
      severity: 'error',
      from: inside('(packages|prisma)/'),
      to: inside('apps/'),
    },
    {
      name: 'apps-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'console-knows-contracts-and-rules-only',
      severity: 'error',
      from: inside('apps/console/src'),
      to: { path: '^(packages|prisma)/', pathNot: '^packages/(contracts|[^/]+/(src|dist)/rules)/' },
    },
    {
      name: 'platform-does-not-know-modules',
      severity: 'error',
      from: inside('apps/api/src/platform/'),
      to: inside('apps/api/src/modules/'),
    },
    {
      name: 'product-does-not-import-test-code',
      severity: 'error',
      from: { path: '^(apps|packages|prisma)/', pathNot: '(\\.test\\.ts$|/test/|^packages/testing/)' },
      to: { path: '^packages/testing/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/generated/|\\.turbo/)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
