import { config } from 'zod';

// zod compiles schemas with `new Function` where it may; the content security policy forbids even the attempt. The
// setting must stand before the first schema is made, hence the app is loaded after it.
config({ jitless: true });

void import('./app').then(({ startApp }) => startApp());
