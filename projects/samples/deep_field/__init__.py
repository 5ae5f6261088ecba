"""Deep field: real galaxies cut from the Hubble eXtreme Deep Field picture that scikit-image ships."""
