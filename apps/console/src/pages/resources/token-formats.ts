const OWN_FORMATS = [
  {
    value: 'jwt',
    label: 'JWT',
    description: 'Signed and readable: an API checks it by itself. Revoked ones are found by introspection only.',
  },
  {
    value: 'opaque',
    label: 'Opaque',
    description: 'Says nothing to its holder: an API asks by introspection each time, and a revocation counts at once.',
  },
];

/** What a client and a resource can say about the format of access tokens. */
export const FORMATS = {
  client: [
    {
      value: 'default',
      label: 'As its resources want it',
      description: 'Opaque as soon as one resource of the token says so, else a JWT.',
    },
    ...OWN_FORMATS,
  ],
  resource: [
    {
      value: 'default',
      label: 'No preference',
      description: 'A JWT, unless the client or another resource says otherwise.',
    },
    ...OWN_FORMATS,
  ],
};
