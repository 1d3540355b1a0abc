import { openPorts } from '../../shared/backend/open-ports.js';
import { createHandler } from '../../shared/http/create-handler.js';
import { parametersOf, route } from './route.js';

const backend = openPorts('submit');

export default createHandler((request) => route(backend.ports, request), backend.log, parametersOf);
