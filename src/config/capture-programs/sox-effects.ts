/** Effects of SoX 14.4. The first of these words in the place of a file ends the list of files. */
export const soxEffects: ReadonlySet<string> = new Set(
  (
    'allpass band bandpass bandreject bass bend biquad chorus channels compand contrast dcshift deemph delay dither divide ' +
    'downsample earwax echo echos equalizer fade fir firfit flanger gain highpass hilbert input ladspa loudness lowpass ' +
    'mcompand noiseprof noisered norm oops output overdrive pad phaser pitch rate remix repeat reverb reverse riaa silence ' +
    'sinc spectrogram speed splice stat stats stretch swap synth tempo treble tremolo trim upsample vad vol'
  ).split(' '),
)
