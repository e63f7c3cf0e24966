library(testthat)
library(rampart)

test_check("rampart")
