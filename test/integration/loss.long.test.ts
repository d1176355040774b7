import { allNetworks, testNetworks, useVideos } from './loss.ts'

useVideos()
testNetworks(allNetworks)
